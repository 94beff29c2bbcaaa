/** The secret of this start: the address brings it once, this tab keeps it, and whatever the page asks for carries it. */

const NAME = 'secret';
let kept = '';

/** Takes it out of the address bar, where it could be copied or seen. */
export function takeSecret(): void {
  kept = given();
  if (kept === '') kept = remembered();
  else remember(kept);
  history.replaceState(null, '', location.pathname);
  // The address of another start, opened in this tab, changes no more than the part behind the #; so does a link.
  addEventListener('hashchange', () => {
    if (given() !== '') location.reload();
  });
}

function given(): string {
  return new URLSearchParams(location.hash.slice(1)).get(NAME) ?? '';
}

export function authorization(): { authorization: string } {
  return { authorization: `Bearer ${kept}` };
}

function remembered(): string {
  try {
    return sessionStorage.getItem(NAME) ?? '';
  } catch {
    return '';
  }
}

/** A browser that keeps nothing needs the address again at each load. */
function remember(secret: string): void {
  try {
    sessionStorage.setItem(NAME, secret);
  } catch {
    // It is still good for as long as this page is open.
  }
}
