import { createServer } from "node:net";

const DEFAULT_PORT = 56_150;

/**
 * The Playground's port, from `SANDBOX_PORT`.
 *
 * @throws when it is no port number
 */
export function readPort(value: string | undefined): number {
	if (value === undefined || value.trim() === "") return DEFAULT_PORT;
	const port = /^\d+$/u.test(value.trim()) ? Number(value) : Number.NaN;
	if (port >= 1 && port <= 65_535) return port;
	throw new Error(`SANDBOX_PORT must be a port number from 1 to 65535, not "${value}".`);
}

/**
 * @throws when nothing can listen on the port, and says whether another program does
 */
export function mustBeFree(port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const probe = createServer();
		probe.once("error", (error: NodeJS.ErrnoException) => {
			const why = error.code === "EADDRINUSE" ? "is taken" : `cannot be used (${error.code})`;
			reject(new Error(`Port ${port} ${why}. Choose another one: SANDBOX_PORT=56160 npm run sandbox`));
		});
		probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
	});
}
