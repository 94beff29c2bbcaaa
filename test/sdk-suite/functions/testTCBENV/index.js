/** Called by the suite by this name: answers with its environment. */
exports.main = async () => process.env.TCB_ENV;
