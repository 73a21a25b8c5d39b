/** The hint where the root of a schema is no object. */
export const wrapRoot = 'Wrap it in an object: {"type":"object","properties":{"result":…}, …}.';
