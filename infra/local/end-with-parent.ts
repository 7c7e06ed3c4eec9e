// Ends this process when the stack that started it is gone, however it went. A Ctrl-C reaches the whole process group and is
// left to the stack, which ends its processes in order. Loaded with `--import` it serves processes that are not ours, too.
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => {});
// The channel to the stack alone must not keep a process alive that has ended its work.
process.channel?.unref();
