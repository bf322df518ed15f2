import { Server } from "node:net";

/**
 * Loaded into the Playground (`--import`). It has no setting for the address it listens on and would
 * open the chat to the whole network; a port alone means the loopback interface here.
 */
const listen = Server.prototype.listen;
Server.prototype.listen = function (this: Server, ...wanted: unknown[]) {
	const [port, ...rest] = wanted;
	const onlyPort = typeof port === "number" && typeof rest[0] !== "string";
	return Reflect.apply(listen, this, onlyPort ? [port, "127.0.0.1", ...rest] : wanted);
};
