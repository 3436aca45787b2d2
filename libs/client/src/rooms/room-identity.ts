/** An identity that no other visitor has, from the name that others see: `asha-k3f9x2`. `random` as `Math.random`. */
export function newIdentity(name: string, random: () => number = Math.random): string {
  const readable = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, 32)
    .replace(/^-+|-+$/gu, '');
  const letters = Array.from({ length: 6 }, () => Math.floor(random() * 36).toString(36)).join('');
  // Identities that begin with `agent-` are the assistants' own.
  return `${readable === '' || readable.startsWith('agent') ? 'guest' : readable}-${letters}`;
}
