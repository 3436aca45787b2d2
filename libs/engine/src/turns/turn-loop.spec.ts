import { TurnLoop } from './turn-loop';

interface Happened {
  name: string;
}

describe('TurnLoop', () => {
  function given(perform: (effect: string, loop: TurnLoop<number, Happened, string>) => void) {
    const log: string[] = [];
    let nowMs = 0;
    const loop: TurnLoop<number, Happened, string> = new TurnLoop<number, Happened, string>({
      initial: 0,
      clock: { now: () => (nowMs += 10) },
      reduce: (state, { name, atMs }) => ({ state: state + 1, effects: [`${name} at ${atMs}`, `${name} again`] }),
      decided: ({ name }, effects) => log.push(`decided ${name}: ${effects.length}`),
      perform: (effect) => {
        log.push(effect);
        perform(effect, loop);
      },
    });
    return { loop, log };
  }

  it('handles an event caused by an effect after all other effects of the same decision', () => {
    const { loop, log } = given((effect, running) => {
      if (effect === 'one at 10') running.dispatch({ name: 'two' });
    });
    loop.dispatch({ name: 'one' });
    expect(log).toEqual(['decided one: 2', 'one at 10', 'one again', 'decided two: 2', 'two at 20', 'two again']);
    expect(loop.state).toBe(2);
  });

  it('continues with the next event after an effect has thrown', () => {
    const { loop, log } = given((effect) => {
      if (effect === 'one at 10') throw new Error('the effect failed');
    });
    expect(() => loop.dispatch({ name: 'one' })).toThrow('the effect failed');
    loop.dispatch({ name: 'two' });
    expect(log.slice(2)).toEqual(['decided two: 2', 'two at 20', 'two again']);
  });
});
