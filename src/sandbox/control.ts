import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { readRequest } from "./cloud/http.js";

const ADDRESS_FILE = "control-address";

/** Lets a shell give commands to a running sandbox; its address is kept in the sandbox's directory. */
export async function openControl(
	directory: string,
	command: (text: string) => string | undefined,
): Promise<() => void> {
	const server = createServer((request, response) => {
		readRequest(request, new Date()).then(
			({ body }) => response.end(command(`sandbox ${body}`)),
			() => response.writeHead(400).end(),
		);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	await writeFile(
		join(directory, ADDRESS_FILE),
		`http://127.0.0.1:${(server.address() as AddressInfo).port}`,
	);
	return () => server.close();
}

/** Gives one command to the sandbox that runs in this directory, and returns its answer. */
export async function sendControl(directory: string, words: readonly string[]): Promise<string> {
	const address = await readFile(join(directory, ADDRESS_FILE), "utf8").catch(() => undefined);
	if (address === undefined) return "No sandbox is running here. Start one with: npm run sandbox";
	const response = await fetch(address, { method: "POST", body: words.join(" ") }).catch(() => undefined);
	return response === undefined
		? "No sandbox is running here. Start one with: npm run sandbox"
		: response.text();
}
