import { narrationSocketUrl, socketUrl } from './socket-url';

describe('socketUrl', () => {
  it.each([
    ['http://localhost:3000/assistant?x=1#y', 'ws://localhost:3000/ws'],
    ['https://parley.example/assistant', 'wss://parley.example/ws'],
  ])('derives the WebSocket address of the page %s as %s', (page, expected) => {
    expect(socketUrl(page)).toBe(expected);
    expect(narrationSocketUrl(page)).toBe(`${expected}/narration`);
  });
});
