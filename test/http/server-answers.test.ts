import http from "node:http";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { createHttpServer, type HttpServer, type Served } from "../../src/http/server.js";

describe("the HTTP listener's answers", () => {
	let server: HttpServer;
	let url: string;
	let served: { -readonly [Name in keyof Served]: Served[Name] };
	let logged: object[];

	beforeEach(async () => {
		logged = [];
		served = {
			admit: async () => undefined,
			receive: async () => ({ status: 200 }),
			ready: async () => true,
		};
		server = createHttpServer(
			{
				admit: (authorization) => served.admit(authorization),
				receive: (authorization, body) => served.receive(authorization, body),
				ready: () => served.ready(),
			},
			{ error: (facts) => logged.push(facts) },
		);
		({ url } = await server.listen("127.0.0.1", 0));
	});
	afterEach(async () => {
		jest.restoreAllMocks();
		await server.close();
	});

	async function ask(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
		const response = await fetch(url + path, {
			method,
			headers: { connection: "close", ...headers },
			...(body === undefined ? {} : { body }),
		});
		return { status: response.status, text: await response.text(), headers: response.headers };
	}
	const post = (body: string, headers: Record<string, string> = {}) =>
		ask("POST", "/api/messages", body, { "content-type": "application/json", ...headers });

	it("name the service, not what it is built with", async () => {
		expect((await ask("GET", "/healthz")).headers.get("server")).toBe("recovery-control");
	});

	it.each([
		["/healthz", true, 200, '{"status":"alive"}'],
		["/healthz", false, 200, '{"status":"alive"}'],
		["/readyz", true, 200, '{"status":"ready"}'],
		["/readyz", false, 503, '{"status":"not ready"}'],
	])("say in words at %s how it is (ready: %s)", async (path, ready, status, text) => {
		served.ready = async () => ready;
		expect(await ask("GET", path)).toMatchObject({ status, text });
		expect(logged).toEqual([]);
	});

	it("are not ready, with a line in the log, when that cannot be found out", async () => {
		const err = new Error("no database");
		served.ready = () => Promise.reject(err);
		expect(await ask("GET", "/readyz")).toMatchObject({ status: 503, text: '{"status":"not ready"}' });
		expect(logged).toEqual([{ code: "not-ready", err }]);
	});

	it("are judged by the header that came, or by none", async () => {
		const headers: unknown[] = [];
		served.admit = async (authorization) => void headers.push(authorization);
		served.receive = async (authorization) => {
			headers.push(authorization);
			return { status: 200 };
		};
		await post("{}", { authorization: "Bearer x" });
		await post("{}");
		expect(headers).toEqual(["Bearer x", "Bearer x", undefined, ""]);
	});

	it.each([
		[{ status: 200 }, 200, ""],
		[{ status: 202, body: { a: 1 } }, 202, '{"a":1}'],
		[{ status: 200, body: "text" }, 200, '"text"'],
		[{ status: 500 }, 500, ""],
	])("are what comes back: %j", async (answer, status, text) => {
		served.receive = async () => answer;
		expect(await post("{}")).toMatchObject({ status, text });
	});

	it("are those of the judge, without a look at the body", async () => {
		served.admit = async () => ({ status: 503, body: { later: true } });
		served.receive = () => Promise.reject(new Error("was asked"));
		expect(await post("{", { "content-type": "text/plain" })).toMatchObject({
			status: 503,
			text: '{"later":true}',
		});
		expect(logged).toEqual([]);
	});

	it.each([
		["a body that is not JSON", "{ secret", "application/json", 400],
		["a body of more than 256 KiB", JSON.stringify("x".repeat(256 * 1024)), "application/json", 413],
		["XML", "<secret/>", "application/xml", 415],
		["a form", "secret=1", "application/x-www-form-urlencoded", 415],
		["an upload", "--x\r\n\r\nsecret\r\n--x--", "multipart/form-data; boundary=x", 415],
		["plain text", "{}", "text/plain", 415],
	])("to %s are a status and nothing else", async (_what, body, type, status) => {
		served.receive = () => Promise.reject(new Error("was asked"));
		expect(await post(body, { "content-type": type })).toMatchObject({ status, text: "" });
		expect(logged).toEqual([]);
	});

	it("take a body of 256 KiB, and JSON with a charset", async () => {
		const sizes: unknown[] = [];
		served.receive = async (_authorization, body) => {
			sizes.push(String(body).length);
			return { status: 200 };
		};
		const largest = JSON.stringify("x".repeat(256 * 1024 - 2));
		expect((await post(largest)).status).toBe(200);
		expect((await post("7", { "content-type": "application/json; charset=utf-8" })).status).toBe(200);
		expect(sizes).toEqual([256 * 1024 - 2, 1]);
	});

	it.each(["admit", "receive"] as const)(
		"are a bare 500 when %s fails, with the error in the log",
		async (step) => {
			const err = new Error("a secret of the database");
			served[step] = () => Promise.reject(err);
			expect(await post("{}")).toMatchObject({ status: 500, text: "" });
			expect(logged).toEqual([{ code: "request-failed", err }]);
		},
	);

	it("know no other path and no other method", async () => {
		expect(await ask("GET", "/api/messages/x")).toMatchObject({ status: 404, text: "" });
		expect(await ask("PUT", "/api/messages", "{}")).toMatchObject({ status: 405, text: "" });
		expect(await ask("POST", "/healthz", "{}")).toMatchObject({ status: 405, text: "" });
		expect(logged).toEqual([]);
	});

	it("wait no longer than 15 seconds for a request to come in", async () => {
		const created = jest.spyOn(http, "createServer");
		createHttpServer(served, { error() {} });
		expect(created.mock.results[0]?.value).toMatchObject({ requestTimeout: 15_000 });
	});

	it("begin once it listens, at an address that can be used as it is", async () => {
		const other = createHttpServer(served, { error() {} });
		const { url: address } = await other.listen("::1", 0);
		expect(address).toMatch(/^http:\/\/\[::1\]:\d+$/u);
		expect((await fetch(`${address}/healthz`, { headers: { connection: "close" } })).status).toBe(200);
		await other.close();
	});

	it("end when it is closed, also for callers who keep their connection", async () => {
		const agent = new http.Agent({ keepAlive: true });
		await new Promise<void>((resolve, reject) => {
			http
				.get(`${url}/healthz`, { agent }, (response) => response.resume().on("end", resolve))
				.on("error", reject);
		});
		await server.close();
		await expect(fetch(`${url}/healthz`)).rejects.toThrow();
		agent.destroy();
	});
});
