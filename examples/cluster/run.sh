#!/usr/bin/env bash
# Two servers and three workers on one PostgreSQL, all on this machine. One worker and one server are killed in the middle
# of a batch, and the batch is whole in the end. Answers are made up: there is no model, and no key.
#
#   npm run build && examples/cluster/run.sh                    # with a PostgreSQL of its own, Debian's programs
#   DATABASE=postgres://user@host/name examples/cluster/run.sh  # with one that runs
set -euo pipefail
main="$(cd "$(dirname "$0")/../.." && pwd)/dist/cli/main.js"
cd /
# Node 22.12 or newer.
node="${NODE:-$(npx -y node@22 -p process.execPath)}"
requests=2000

folder="$(mktemp -d)"
started=()
postgres=""
clean_up() {
  for pid in "${started[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
  if [ -n "$postgres" ]; then as_postgres "$postgres/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; fi
  rm -rf "$folder"
}
trap clean_up EXIT

as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
openbatch() { "$node" "$main" "$@"; }
# One value of the JSON that comes in.
value() { "$node" -p "const it = JSON.parse(fs.readFileSync(0, 'utf8')); $1"; }
# Starts a process, and waits until it is ready: start NAME ARGS…
start() {
  local name="$1"
  shift
  "$node" "$main" "$@" --json --database "$DATABASE" --storage "$folder/storage" >"$folder/$name.log" 2>&1 &
  local pid="$!"
  started+=("$pid")
  disown
  until grep -q '"ready"' "$folder/$name.log"; do
    kill -0 "$pid" 2>/dev/null || { cat "$folder/$name.log" >&2; exit 1; }
    sleep 0.1
  done
  echo "$name runs"
}
base_url() { grep '"ready"' "$folder/$1.log" | value it.base_url; }

if [ -z "${DATABASE:-}" ]; then
  postgres="$(ls -d /usr/lib/postgresql/*/bin | tail -1)"
  port="$("$node" -e 'const s = net.createServer().listen(0, "127.0.0.1", () => s.close(console.log(s.address().port)))')"
  chmod 755 "$folder"
  if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
  as_postgres "$postgres/initdb" -D "$folder/data" -U postgres --auth=trust -E UTF8 --no-locale >/dev/null
  as_postgres "$postgres/pg_ctl" -D "$folder/data" -l "$folder/postgres.log" -w \
    -o "-p $port -k $folder -c listen_addresses=127.0.0.1" start >/dev/null
  DATABASE="postgres://postgres@127.0.0.1:$port/postgres"
  echo "PostgreSQL runs"
fi
openbatch migrate --database "$DATABASE"

start server-1 serve --port 0
start server-2 serve --port 0
# A limit of all together, so that there is time for a kill: 150 requests a second.
for n in 1 2 3; do start "worker-$n" worker --rehearse --requests-per-minute 9000; done
one="$(base_url server-1)"
other="$(base_url server-2)"

for ((n = 1; n <= requests; n++)); do
  echo '{"custom_id":"request-'"$n"'","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Say '"$n"'."}]}}'
done >"$folder/input.jsonl"
input="$(curl -sf "$one/files" -F purpose=batch -F "file=@$folder/input.jsonl" | value it.id)"
batch="$(curl -sf "$other/batches" -H 'content-type: application/json' \
  -d '{"input_file_id":"'"$input"'","endpoint":"/v1/chat/completions","completion_window":"24h"}' | value it.id)"
echo "Uploaded at server-1, created at server-2: $requests requests"

completed() { curl -sf "$other/batches/$batch" | value it.request_counts.completed; }
until [ "$(completed)" -ge 300 ]; do sleep 0.2; done
kill -9 "${started[0]}" "${started[2]}"
echo "$(completed) are done; server-1 and worker-1 are killed"
openbatch workers --database "$DATABASE"
until [ "$(curl -sf "$other/batches/$batch" | value it.status)" = completed ]; do sleep 0.5; done
output="$(curl -sf "$other/batches/$batch" | value it.output_file_id)"
curl -sf "$other/files/$output/content" >"$folder/output.jsonl"
different="$("$node" -p 'new Set(fs.readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line).custom_id)).size' <"$folder/output.jsonl")"
lines="$(wc -l <"$folder/output.jsonl" | tr -d ' ')"
echo "$lines results of $different requests"
[ "$lines" = "$requests" ] && [ "$different" = "$requests" ]
