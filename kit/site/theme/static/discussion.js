// A lesson's discussion. Nothing is loaded from its provider before the reader asks for it.
(function () {
  'use strict';
  const { say } = window.courseWords;
  const section = document.querySelector('section.discussion');
  const button = section?.querySelector('button');
  if (!button) return;
  const told = section.querySelector('[role=status]');

  button.addEventListener('click', () => {
    const dark = document.documentElement.dataset.theme === 'dark';
    const script = document.createElement('script');
    for (const [name, value] of Object.entries(JSON.parse(section.dataset.attributes)))
      script.setAttribute(name, value);
    if (section.dataset.provider === 'giscus') {
      script.setAttribute('data-term', section.dataset.term);
      script.setAttribute('data-theme', dark ? 'dark' : 'light');
    } else {
      script.setAttribute('issue-term', section.dataset.term);
      script.setAttribute('theme', dark ? 'github-dark' : 'github-light');
    }
    script.crossOrigin = 'anonymous';
    script.async = true;
    script.addEventListener('load', () => {
      told.textContent = '';
      button.remove();
    });
    script.addEventListener('error', () => {
      told.textContent = say('The discussion cannot be reached now.');
      button.disabled = false;
      script.remove();
    });
    told.textContent = say('Loading the discussion.');
    button.disabled = true;
    script.src = `${section.dataset.origin}/client.js`;
    section.append(script);
  });
})();
