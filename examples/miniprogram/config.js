/** What is yours: fill in before the first run. Nothing secret belongs here, a mini program's code is public. */
module.exports = {
  /** A subscribe-message template with the fields thing1 and time2, the same as SUBSCRIBE_TEMPLATE_ID of the function. */
  templateId: '',
};
