/** The places of the built files. They differ between the bundled server and the tests, so whoever starts the application passes them. */
export interface RuntimePaths {
  /** Folder of the built page; the server runs without a page when it does not exist. */
  webRoot: string;
  /** Folder with the voice activity weights and the recorded fallback sentences. */
  assets: string;
  /** Folder with the programs of the embedded speech's child processes. */
  speechChildren: string;
}

/** Injection token of `RuntimePaths`. */
export const RUNTIME_PATHS = Symbol('RUNTIME_PATHS');
