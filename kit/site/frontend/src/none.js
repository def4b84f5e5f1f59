// ipywidgets 7 models are not drawn: they would double the size of every page with a widget.
export default {};
