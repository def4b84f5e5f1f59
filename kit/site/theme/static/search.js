// What Sphinx's search says and shows, in our words; it runs once the page is read.
(function () {
  'use strict';
  const { say } = window.courseWords;
  Object.assign(Documentation.TRANSLATIONS, {
    'Search finished, found ${resultCount} page(s) matching the search query.':
      say('Found: {number}', { number: '${resultCount}' }),
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      say('Nothing was found. Fewer words, or their beginnings, may find more.'),
    'Search Results': say('Search Results'),
    'Preparing search...': say('Preparing search...'),
    'Searching': say('Searching'),
    ', in ': say(', in '),
  });
  // Over file:// a browser lets no page read another, so there are titles without texts.
  if (location.protocol === 'file:') DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  // The text of a result: what the author wrote, not what stands around it.
  Search.htmlToText = (text, anchor) => {
    const page = new DOMParser().parseFromString(text, 'text/html');
    let place = page.querySelector('article');
    if (!place) return '';
    if (anchor) place = page.getElementById(decodeURIComponent(anchor.slice(1))) || place;
    for (const part of place.querySelectorAll('.headerlink, script, style, summary, svg, form'))
      part.remove();
    for (const part of place.querySelectorAll('h1')) part.remove();  // the result's title says it
    for (const part of place.querySelectorAll('p, li, dt, dd, td, th, h2, h3, h4, pre, figcaption'))
      part.append(' ');
    return place.textContent;
  };
})();
