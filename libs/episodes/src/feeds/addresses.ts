/** Makes the addresses of a feed absolute: apps read it far from the page that it belongs to. */
export class Addresses {
  readonly #base: URL;

  /** @throws RangeError when the base is no absolute HTTP address. */
  constructor(baseUrl: string) {
    this.#base = httpUrl(baseUrl);
    // Else the last part of its path would be replaced.
    if (!this.#base.pathname.endsWith('/')) this.#base.pathname += '/';
    this.#base.search = '';
    this.#base.hash = '';
  }

  get base(): string {
    return this.#base.href;
  }

  /**
   * A whole address as it is, a path below the base.
   *
   * @throws RangeError when it is neither.
   */
  absolute(address: string): string {
    // A path that begins with a slash would leave the base's own.
    return httpUrl(address.replace(/^\/+/, ''), this.#base).href;
  }
}

function httpUrl(address: string, base?: URL): URL {
  const url = URL.parse(address, base?.href);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new RangeError(`"${address}" is not an HTTP address`);
  return url;
}
