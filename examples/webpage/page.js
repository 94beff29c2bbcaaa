/** A page of an official account, also inside a mini program's web-view: gets its signature and tells what WeChat says. */

// The HTTP access path of examples/cloudfunctions/jsConfig; with its domain, if the page is under another.
const JS_CONFIG = '/jsConfig';

// Taken before a router changes it: iOS compares with the address at which the page was opened.
const [landing] = location.href.split('#');

const show = (text) => (document.querySelector('[role=status]').textContent = text);

async function configure() {
  const response = await fetch(`${JS_CONFIG}?url=${encodeURIComponent(landing)}`);
  const config = await response.json();
  if (!response.ok) return show(config.errmsg || `HTTP ${response.status}`);
  let failure = '';
  wx.error(({ errMsg }) => show((failure = errMsg)));
  // It is called after an error, too.
  wx.ready(() => show(failure || 'config:ok'));
  wx.config({ ...config, jsApiList: ['updateAppMessageShareData'] });
}

configure().catch(({ message }) => show(message));
