import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createHttpServer, type HttpServer, type Served } from "../../src/http/server.js";

describe("the HTTP listener", () => {
	let server: HttpServer;
	let url: string;
	let received: unknown[];
	let ready: () => Promise<boolean>;
	const errors: object[] = [];

	beforeEach(async () => {
		received = [];
		ready = async () => true;
		const served: Served = {
			admit: async (authorization) => (authorization === "Bearer good" ? undefined : { status: 401 }),
			receive: async (_authorization, body) => {
				received.push(body);
				return { status: 200, body: { echoed: true } };
			},
			ready: () => ready(),
		};
		server = createHttpServer(served, { error: (facts) => errors.push(facts) });
		({ url } = await server.listen("127.0.0.1", 0));
	});
	afterEach(() => server.close());

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
});
