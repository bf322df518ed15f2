import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A TCP proxy in front of a database server that fails the way servers and networks do. */
export interface DatabaseProxy {
	/** The server's URL by way of this proxy. */
	readonly url: string;
	/** From now on nothing passes, and nothing breaks either: a stopped server, or a network that drops. */
	freeze(): void;
	/** What the clients send still arrives; the answers do not. */
	freezeAnswers(): void;
	/** Everything that was held up passes. */
	thaw(): void;
	/** Breaks every connection; with `refuse`, new ones are broken too until `accept`. */
	cut(how?: "refuse"): void;
	accept(): void;
	/** How many connections were opened so far. */
	readonly opened: number;
	close(): Promise<void>;
}

export async function openDatabaseProxy(server: string): Promise<DatabaseProxy> {
	const target = new URL(server);
	const pairs = new Set<{ readonly client: Socket; readonly upstream: Socket }>();
	const frozen = { questions: false, answers: false };
	let refusing = false;
	let opened = 0;

	const listener = createServer((client) => {
		client.on("error", () => {});
		if (refusing) return client.resetAndDestroy();
		opened++;
		const upstream = connect(Number(target.port || 5432), target.hostname);
		upstream.on("error", () => {});
		const pair = { client, upstream };
		pairs.add(pair);
		client.on("data", (chunk) => upstream.write(chunk));
		upstream.on("data", (chunk) => client.write(chunk));
		client.on("close", () => upstream.destroy());
		upstream.on("close", () => {
			client.destroy();
			pairs.delete(pair);
		});
		obey(pair);
	});
	const obey = ({ client, upstream }: { readonly client: Socket; readonly upstream: Socket }) => {
		if (frozen.questions) client.pause();
		else client.resume();
		if (frozen.answers) upstream.pause();
		else upstream.resume();
	};
	const set = (questions: boolean, answers: boolean) => {
		Object.assign(frozen, { questions, answers });
		for (const pair of pairs) obey(pair);
	};

	listener.listen(0, "127.0.0.1");
	await once(listener, "listening");
	const address = listener.address();
	const url = new URL(server);
	url.host = `127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
	return {
		url: url.href,
		freeze: () => set(true, true),
		freezeAnswers: () => set(false, true),
		thaw: () => set(false, false),
		cut(how) {
			refusing = how === "refuse";
			for (const { client } of pairs) client.resetAndDestroy();
		},
		accept() {
			refusing = false;
		},
		get opened() {
			return opened;
		},
		async close() {
			for (const { client } of pairs) client.destroy();
			listener.close();
			await once(listener, "close");
		},
	};
}
