/** Thrown where no fitting value was found; another branch may have one. */
export class Unmakeable extends Error {
  override readonly name = "Unmakeable";
}
