/** Called by the suite by this name. One of its tests wants an answer that takes longer than 10 ms. */
exports.main = async (event) => {
  await new Promise((resolve) => {
    setTimeout(resolve, 100);
  });
  return event;
};
