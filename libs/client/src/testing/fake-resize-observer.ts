/** A ResizeObserver that reports a new size when the test says so. */
export class FakeResizeObserver {
  static readonly observing = new Set<FakeResizeObserver>();

  constructor(private readonly callback: () => void) {}

  observe(): void {
    FakeResizeObserver.observing.add(this);
  }

  disconnect(): void {
    FakeResizeObserver.observing.delete(this);
  }

  /** Reports another size for all observed elements. */
  static resize(): void {
    for (const observer of FakeResizeObserver.observing) observer.callback();
  }
}
