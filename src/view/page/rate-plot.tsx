import type { RunStretch } from "../wire/source-activity.js";
import { durationText, rateText } from "./words.js";

type Rate = "requests" | "tokens" | "failed" | "underWay";

interface RatePlotProps {
  readonly name: string;
  readonly values: readonly RunStretch[];
  readonly of: Rate;
  /** What is a part of it, in another colour. */
  readonly beneath?: Rate;
}

const width = 400;
const height = 48;

/** How fast something came, over the time of a run. */
export function RatePlot({ name, values, of, beneath }: RatePlotProps) {
  const until = values.at(-1)?.until ?? 0;
  if (values.length < 2 || until <= 0) return null;
  const most = Math.max(...values.map((each) => each[of]));
  const last = values.at(-1)?.[of] ?? 0;
  const words = `${name}: at most ${rateText(most)}, at last ${rateText(last)}, over ${durationText(until * 1000)}`;
  const draw = (rate: Rate): string => toSteps(values, rate, { until, most });
  return (
    <figure>
      <figcaption>
        {name}, at most {rateText(most)}
      </figcaption>
      <svg role="img" aria-label={words} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none">
        <path class={of} d={draw(of)} />
        {beneath === undefined ? null : <path class={beneath} d={draw(beneath)} />}
      </svg>
      <p>
        <span>0</span>
        <span>{durationText(until * 1000)}</span>
      </p>
    </figure>
  );
}

interface Scale {
  readonly until: number;
  readonly most: number;
}

/** An area of steps, each as wide as its stretch is long. */
function toSteps(values: readonly RunStretch[], rate: Rate, { until, most }: Scale): string {
  const steps = values.map((each) => {
    const y = height - (most === 0 ? 0 : ((height - 1) * each[rate]) / most);
    return `V${y.toFixed(1)}H${((width * each.until) / until).toFixed(1)}`;
  });
  return `M0 ${height}${steps.join("")}V${height}Z`;
}
