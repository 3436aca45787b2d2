import { PrivateServer } from './private-server';

const node = (script: string) => ({ program: process.execPath, args: ['-e', script], ready: /ready/ });

describe('a server for tests', () => {
  it('has started when it says so, and has ended when it was stopped', async () => {
    const script = "setInterval(() => {}, 1000); process.on('SIGINT', () => process.exit(0)); console.log(process.pid, 'ready');";
    let pid = 0;
    const server = await PrivateServer.start({ ...node(script), onPrinted: (text) => (pid ||= Number.parseInt(text, 10)) });
    expect(process.kill(pid, 0)).toBe(true);
    await server.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('cannot be had if it fails, and says what it printed', async () => {
    await expect(PrivateServer.start(node("console.error('no space left'); process.exit(1);"))).rejects.toThrow('no space left');
  });

  it('cannot be had if there is no such program', async () => {
    await expect(PrivateServer.start({ program: '/nowhere/server', args: [], ready: /ready/ })).rejects.toThrow('/nowhere/server');
  });
});
