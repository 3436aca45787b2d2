/** Counts the generations in progress, over requests and sockets. */
export class GenerationCounter {
  #current = 0;

  get current(): number {
    return this.#current;
  }

  enter(): void {
    this.#current += 1;
  }

  leave(): void {
    this.#current -= 1;
  }
}
