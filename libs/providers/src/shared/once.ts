/** Makes something when it is first asked for, once for all who ask. After a failure, the next who asks has it made anew. */
export class Once<T> {
  #making: Promise<T> | undefined;

  constructor(private readonly make: () => Promise<T>) {}

  /** What is being made or was made; undefined if nothing was asked for, or if it has failed. */
  get current(): Promise<T> | undefined {
    return this.#making;
  }

  /** Rejects with the failure of the making that this call waited for. */
  async get(): Promise<T> {
    const making = (this.#making ??= this.make());
    try {
      return await making;
    } catch (error) {
      // Another one may be under way by now.
      if (this.#making === making) this.#making = undefined;
      throw error;
    }
  }
}
