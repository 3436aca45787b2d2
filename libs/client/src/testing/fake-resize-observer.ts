/** Reports a new size when the spec says so. */
export class FakeResizeObserver {
  static readonly observing = new Set<FakeResizeObserver>();

  constructor(private readonly callback: () => void) {}

  observe(): void {
    FakeResizeObserver.observing.add(this);
  }

  disconnect(): void {
    FakeResizeObserver.observing.delete(this);
  }

  /** Everything that is observed has another size. */
  static resize(): void {
    for (const observer of FakeResizeObserver.observing) observer.callback();
  }
}
