import { showGuid } from './show-guid';

describe('showGuid', () => {
  // The examples of the podcast namespace.
  it.each([
    ['https://podnews.net/rss', '9b024349-ccf0-5f69-a609-6b82873eab3c'],
    ['https://mp3s.nashownotes.com/pc20rss.xml', '917393e3-1b1e-5cef-ace4-edaa54e1f810'],
  ])('makes of %s what the podcast namespace says', (url, guid) => {
    expect(showGuid(url)).toBe(guid);
  });

  it('does not change with the scheme or a slash at the end', () => {
    expect(showGuid('http://podnews.net/rss/')).toBe(showGuid('https://podnews.net/rss'));
  });
});
