/** What stands in the editor on the first visit: two voices and two chapters, so that one click makes an episode. */
export const SAMPLE_SCRIPT = `# A first episode

## Welcome

HOST: Good morning, and welcome to the studio. Two of us are speaking, and nobody had to be recorded.

GUEST: You write a line, begin it with a name, and each name has a voice of its own. [pause 500ms] Try it: change a word, and make the episode again.

## How it is made

HOST: Long texts are cut at paragraphs, spoken at the same time, and put together without a gap.

GUEST: So you hear the beginning while the end is still being made.
`;
