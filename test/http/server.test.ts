import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { createHttpServer, type HttpServer, type Served } from "../../src/http/server.js";
import { waitFor } from "../wait-for.js";
import { within } from "../within.js";

/** Linux: the first port that everybody may listen on; containers often set it to 0. */
const FIRST_FREE_PORT = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
const itWithGuardedPorts =
	process.platform === "linux" && Number(readFileSync(FIRST_FREE_PORT, "utf8")) > 1 ? it : it.skip;

/** How long anything that ends by itself is waited for, in milliseconds; it is far quicker, also on a busy machine. */
const GIVEN_MS = 10_000;

describe("the HTTP listener", () => {
	let server: HttpServer;
	let url: string;
	let received: unknown[];
	let ready: () => Promise<boolean>;
	let answer: Promise<void>;
	let asking: AbortController;
	const errors: object[] = [];

	beforeEach(async () => {
		received = [];
		answer = Promise.resolve();
		asking = new AbortController();
		ready = async () => true;
		const served: Served = {
			admit: async (authorization) => (authorization === "Bearer good" ? undefined : { status: 401 }),
			receive: async (_authorization, body) => {
				received.push(body);
				await answer;
				return { status: 200, body: { echoed: true } };
			},
			ready: () => ready(),
		};
		server = createHttpServer(
			served,
			{ error: (facts) => errors.push(facts) },
			{ requestMs: 300, drainMs: 300, sweepMs: 50 },
		);
		({ url } = await server.listen("127.0.0.1", 0));
	});
	afterEach(() => {
		// What a test left open is not waited for.
		asking.abort();
		return close();
	});
	const close = () => within(GIVEN_MS, "the listener to close", server.close());

	const another = () =>
		createHttpServer(
			{ admit: async () => undefined, receive: async () => ({ status: 200 }), ready: async () => true },
			{ error: (facts) => errors.push(facts) },
		);

	function post(body: string, headers: Record<string, string> = {}) {
		return fetch(`${url}/api/messages`, {
			method: "POST",
			headers: {
				authorization: "Bearer good",
				"content-type": "application/json",
				connection: "close",
				...headers,
			},
			body,
			signal: asking.signal,
		});
	}

	it("hands a JSON body on and answers with what comes back", async () => {
		const response = await post('{"type":"message"}');
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({ echoed: true });
		expect(received).toEqual([{ type: "message" }]);
	});

	it("answers a bare 401 before it reads the body", async () => {
		const response = await post("not json at all", { authorization: "Bearer bad" });
		expect(response.status).toBe(401);
		expect(await response.text()).toBe("");
		expect(received).toEqual([]);
	});

	it.each([
		["a body that is not JSON", "{", {}, 400],
		["a body of another type", "<xml/>", { "content-type": "application/xml" }, 415],
		["an oversized body", JSON.stringify({ text: "x".repeat(300_000) }), {}, 413],
	])("refuses %s with a 4xx", async (_what, body, headers, status) => {
		const response = await post(body, headers);
		expect(response.status).toBe(status);
		expect(await response.text()).not.toContain("    at ");
		expect(received).toEqual([]);
	});

	it("knows no other path and no other method", async () => {
		expect((await fetch(`${url}/api/other`, { headers: { connection: "close" } })).status).toBe(404);
		expect((await fetch(`${url}/api/messages`, { headers: { connection: "close" } })).status).toBe(405);
	});

	it("is alive while it runs, and ready only while the database answers", async () => {
		const get = async (path: string) =>
			(await fetch(`${url}${path}`, { headers: { connection: "close" } })).status;
		expect(await get("/healthz")).toBe(200);
		expect(await get("/readyz")).toBe(200);
		ready = async () => {
			throw new Error("no database");
		};
		expect(await get("/readyz")).toBe(503);
		expect(await get("/healthz")).toBe(200);
	});

	describe("and clients that do not finish", () => {
		const HALF = {
			"nothing at all": "",
			"half its headers": "POST /api/messages HTTP/1.1\r\nhost: bot\r\n",
			"half its body":
				"POST /api/messages HTTP/1.1\r\nhost: bot\r\nauthorization: Bearer good\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
		};
		const sockets: Socket[] = [];
		afterEach(() => {
			for (const socket of sockets.splice(0)) socket.destroy();
		});
		async function send(text: string): Promise<Socket> {
			const { hostname, port } = new URL(url);
			const socket = connect(Number(port), hostname);
			sockets.push(socket);
			await once(socket, "connect");
			socket.write(text);
			socket.on("error", () => {});
			return socket;
		}
		const ended = (socket: Socket) =>
			within(GIVEN_MS, "the connection to be closed", once(socket.resume(), "close"));
		const busy = async () => {
			await waitFor(
				"the request to arrive",
				() => received.length,
				(arrived) => arrived > 0,
			);
		};

		it.each(Object.entries(HALF).slice(1))("does not wait for one that sent %s", async (_what, text) => {
			const socket = await send(text);
			const started = Date.now();
			await ended(socket);
			expect(Date.now() - started).toBeLessThan(2_000);
			expect(received).toEqual([]);
		});

		it.each(Object.entries(HALF))("stops in its time although one sent %s", async (_what, text) => {
			const socket = await send(text);
			// Whatever it sent has arrived when a later request has been answered.
			await fetch(`${url}/healthz`, { headers: { connection: "close" } });
			const started = Date.now();
			await Promise.all([close(), ended(socket)]);
			expect(Date.now() - started).toBeLessThan(2_000);
		});

		it("stops accepting at once, and answers what it has taken in", async () => {
			let reply: () => void = () => {};
			answer = new Promise((resolve) => {
				reply = resolve;
			});
			const pending = fetch(`${url}/api/messages`, {
				method: "POST",
				headers: { authorization: "Bearer good", "content-type": "application/json" },
				body: "{}",
				signal: asking.signal,
			});
			await busy();
			const closed = close();
			await expect(fetch(`${url}/healthz`)).rejects.toThrow();
			reply();
			const response = await pending;
			expect(response.status).toBe(200);
			expect(response.headers.get("connection")).toBe("close");
			await closed;
		});

		it("stops in its time although an answer is not found", async () => {
			answer = new Promise(() => {});
			const pending = expect(post("{}")).rejects.toThrow();
			await busy();
			await close();
			await pending;
		});

		it("stops at once when only connections are open on which nothing happens", async () => {
			await (await fetch(`${url}/healthz`)).text();
			const started = Date.now();
			await close();
			expect(Date.now() - started).toBeLessThan(250);
		});
	});
	describe("that cannot listen", () => {
		const listen = (host: string, port: number) => another().listen(host, port);

		it("says that its port is taken", async () => {
			const port = Number(new URL(url).port);
			await expect(listen("127.0.0.1", port)).rejects.toMatchObject({
				code: "port-in-use",
				settings: ["PORT"],
				message: expect.stringContaining(`Another program listens on port ${port} of 127.0.0.1`),
			});
		});

		it.each([
			["an address of another machine", "192.0.2.1", "EADDRNOTAVAIL"],
			["a name that nobody knows", "no-such-host.invalid", "no-such-host.invalid"],
		])("says that its host is %s", async (_what, host, detail) => {
			await expect(listen(host, 0)).rejects.toMatchObject({
				code: "address-unavailable",
				settings: ["HOST"],
				message: expect.stringContaining(detail),
			});
		});

		itWithGuardedPorts("says that its port needs more rights than it has", async () => {
			const root = process.geteuid?.() === 0;
			if (root) process.seteuid?.(65_534);
			try {
				await expect(listen("127.0.0.1", 1)).rejects.toMatchObject({
					code: "port-forbidden",
					settings: ["PORT"],
				});
			} finally {
				if (root) process.seteuid?.(0);
			}
		});
	});

	it("outlives a failure to accept a connection, and says so", async () => {
		const listening = jest.spyOn(Server.prototype, "listen");
		const strained = another();
		await strained.listen("127.0.0.1", 0);
		const socket = listening.mock.contexts[0] as Server;
		listening.mockRestore();
		errors.length = 0;
		socket.emit("error", Object.assign(new Error("accept EMFILE"), { code: "EMFILE" }));
		await strained.close();
		expect(errors).toEqual([
			{ code: "connection-not-accepted", err: expect.objectContaining({ code: "EMFILE" }) },
		]);
	});
});
