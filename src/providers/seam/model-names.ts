export interface ModelNamesOptions {
  /** The model of every request, whatever it names. */
  readonly model?: string | undefined;
  /** The service's names for models, by the names that requests have. */
  readonly modelNames?: Readonly<Record<string, string>> | undefined;
}

/** What the models of requests are called at a service, as far as its user says so. */
export class ModelNames {
  readonly #all: string | undefined;
  readonly #names: ReadonlyMap<string, string>;

  constructor({ model, modelNames = {} }: ModelNamesOptions) {
    this.#all = model;
    this.#names = new Map(Object.entries(modelNames));
  }

  find(asked: string | undefined): { readonly model: string | undefined; readonly isNamed: boolean } {
    const own = asked === undefined ? undefined : this.#names.get(asked);
    const model = own ?? this.#all;
    return { model: model ?? asked, isNamed: model !== undefined };
  }
}
