import type { UnsayableRequest } from "../../providers/index.js";
import type { Obstacle } from "./find-obstacle.js";

const maxNamed = 5;

/** Why a request cannot be said at a service: each place, and the ways out. */
export function toUnsayableObstacle({ obstacles }: UnsayableRequest): Obstacle {
  const named = obstacles.slice(0, maxNamed).map(({ path, message }) => `${path}: ${message}`);
  const more = obstacles.length > maxNamed ? [`and ${obstacles.length - maxNamed} more.`] : [];
  const ways = new Set(obstacles.slice(0, maxNamed).map(({ hint }) => hint));
  return {
    code: "untranslatable_request",
    message: [...named, ...more].join(" "),
    hint: [...ways].join(" "),
  };
}
