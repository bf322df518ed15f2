import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { readRequest, writeReply } from "./cloud/http.js";

const ADDRESS_FILE = "control-address";
/** A page in a browser cannot send this header to another origin without asking first. */
const HEADER = "x-sandbox-control";
const ANSWER_LIMIT_MS = 5_000;

/**
 * Lets a shell give commands to a running sandbox; its address is kept in the sandbox's directory.
 * Returns what closes it again.
 */
export async function openControl(
	directory: string,
	command: (text: string) => string | undefined,
): Promise<() => Promise<void>> {
	const server = createServer((request, response) => {
		if (request.method !== "POST" || request.headers[HEADER] === undefined)
			return writeReply(response, { status: 403 });
		readRequest(request, new Date()).then(
			({ body }) => response.end(command(`sandbox ${body}`)),
			() => writeReply(response, { status: 400 }),
		);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const file = join(directory, ADDRESS_FILE);
	await writeFile(file, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	return async () => {
		server.close();
		server.closeAllConnections();
		await rm(file, { force: true });
	};
}

/** Gives one command to the sandbox that runs in this directory; `undefined` when none does. */
export async function sendControl(directory: string, words: readonly string[]): Promise<string | undefined> {
	const address = await readFile(join(directory, ADDRESS_FILE), "utf8").catch(() => undefined);
	if (address === undefined) return undefined;
	const response = await fetch(address, {
		method: "POST",
		headers: { [HEADER]: "1" },
		body: words.join(" "),
		signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
	}).catch(() => undefined);
	return response?.ok ? response.text() : undefined;
}
