// A component in JupyterLab. As on a built page, what it is drawn in says of which kind it is, for
// its style. Where it is shown twice, or the kernel changes its state, each view is drawn anew that
// did not make the change itself; but a video would begin again.
export default {
  render({ model: whole, el, ...more }) {
    el.dataset.part = 'OWN_KIND';
    let own = false;
    const model = new Proxy(whole, {
      get(target, name) {
        const value = target[name];
        if (name === 'set') {
          return (...change) => {
            own = true;
            try { target.set(...change); } finally { own = false; }
          };
        }
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    let leave = ownPart.render({ model, el, ...more });
    const follow = () => {
      if (own) return;
      if (leave) leave();
      leave = ownPart.render({ model, el, ...more });
    };
    if ('OWN_KIND' !== 'lecture') whole.on('change:state', follow);
    return () => {
      whole.off('change:state', follow);
      if (leave) leave();
    };
  },
};
