const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Where each conversation lives. */
export interface Connectors {
	/** @throws when the address is not on this machine: the Playground's activities are unsigned */
	remember(conversationId: string, serviceUrl: string): void;
	/** A new conversation is opened where the last activity came from. */
	of(conversationId: string | undefined): string | undefined;
}

export function createConnectors(): Connectors {
	const byConversation = new Map<string, string>();
	let last: string | undefined;
	return {
		remember(conversationId, serviceUrl) {
			const { hostname } = new URL(serviceUrl);
			if (!LOOPBACK.has(hostname)) throw new Error(`the connector ${hostname} is not on this machine`);
			last = serviceUrl.replace(/\/+$/u, "");
			byConversation.set(conversationId, last);
		},
		of(conversationId) {
			return (conversationId === undefined ? undefined : byConversation.get(conversationId)) ?? last;
		},
	};
}
