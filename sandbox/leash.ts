/**
 * Loaded into every child of the sandbox (`--import`), so that it ends with its parent, however that
 * ended: a parent that was killed cannot send a signal, but its channel to the child breaks.
 */
const follow = () => process.kill(process.pid, "SIGTERM");

// The parent may have gone before this was loaded; the event is then over already.
if (process.connected) process.on("disconnect", follow);
else follow();
// Without this the open channel would keep a child alive that has nothing left to do.
process.channel?.unref();
