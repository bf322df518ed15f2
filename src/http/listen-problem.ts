/** The listener cannot be opened with these settings. */
export class ListenProblem extends Error {
	constructor(
		readonly code: "port-in-use" | "port-forbidden" | "address-unavailable",
		readonly settings: readonly string[],
		message: string,
		cause: Error,
	) {
		super(message, { cause });
	}
}

/** What an error of `listen` means to the one who chose host and port; other errors stay what they are. */
export function explainListenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
	switch (error.code) {
		case "EADDRINUSE":
			return new ListenProblem(
				"port-in-use",
				["PORT"],
				`Another program listens on port ${port} of ${host}, perhaps another instance of the bot. Stop it, or set PORT to a free port and let the reverse proxy know.`,
				error,
			);
		case "EACCES":
			return new ListenProblem(
				"port-forbidden",
				["PORT"],
				`The bot's user may not listen on port ${port}. Set PORT to 1024 or more and let a reverse proxy listen on ${port}, or give the process the capability CAP_NET_BIND_SERVICE.`,
				error,
			);
		case "EADDRNOTAVAIL":
		case "ENOTFOUND":
		case "EAI_AGAIN":
		case "EINVAL":
			return new ListenProblem(
				"address-unavailable",
				["HOST"],
				`This machine does not have the address ${host} (${error.code}). Set HOST to one of its own addresses, to 127.0.0.1 for this machine alone, or to 0.0.0.0 for all of them.`,
				error,
			);
		default:
			return error;
	}
}
