// Executes a batch file against a server, and says first how many requests may be sent a second time.
const [executeUrl, file, options] = process.argv.slice(2);
// A limit on the size of files is to be an error of the write, and not the end of the process.
process.on("SIGXFSZ", () => {});
const { executeBatchFile } = await import(executeUrl);
const onEvent = ({ kind, mayBeSentTwice }) => {
  if (kind === "start") process.stdout.write(`${mayBeSentTwice}\n`);
};
try {
  const { succeeded } = await executeBatchFile(file, { ...JSON.parse(options), onEvent });
  process.stdout.write(`succeeded ${succeeded}\n`);
} catch (error) {
  const { code, message, summary } = error;
  process.stdout.write(
    `${JSON.stringify({ code, message, succeeded: summary?.succeeded, pending: summary?.pending })}\n`,
  );
}
