import dns from "node:dns";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { deniedByPostgres, reachPostgres } from "../../../src/store/engines/reach-postgres.js";

/** A server that answers each message as PostgreSQL would, hangs up after the last answer, or never answers. */
async function serve(...answers: Buffer[]): Promise<{ server: Server; port: number }> {
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket.on("error", () => {}));
		const left = [...answers];
		socket.on("data", () => {
			const next = left.shift();
			if (next && left.length > 0) socket.write(next);
			else if (next) socket.end(next);
		});
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	server.once("close", () => {
		for (const socket of sockets) socket.destroy();
	});
	return { server, port: (server.address() as AddressInfo).port };
}

/** A message of PostgreSQL's protocol: its kind, its length, its content. */
function message(kind: string, content: string): Buffer {
	const length = Buffer.alloc(4);
	length.writeInt32BE(content.length + 4);
	return Buffer.concat([Buffer.from(kind), length, Buffer.from(content)]);
}

function refusal(sqlState: string, text: string): Buffer {
	return message("E", `SFATAL\0C${sqlState}\0M${text}\0\0`);
}

describe("a PostgreSQL server that cannot be used", () => {
	let server: Server | undefined;
	afterEach(() => {
		server?.close();
		server?.emit("close");
		server = undefined;
		jest.restoreAllMocks();
	});

	async function problem(answers: Buffer[], user = "bot:hush", connectMs?: number) {
		const served = await serve(...answers);
		server = served.server;
		const url = `postgres://${user}@127.0.0.1:${served.port}/jobs`;
		const error = await reachPostgres(url, connectMs).then(
			() => undefined,
			(reason: Error & { code?: string; settings?: string[] }) => reason,
		);
		expect(error?.settings).toEqual(["DATABASE_URL"]);
		expect(error?.cause).toBeInstanceOf(Error);
		expect(error?.message).toContain(`127.0.0.1:${served.port}`);
		expect(error?.message).not.toContain("hush");
		return { code: error?.code, message: error?.message };
	}

	it.each([
		["28P01", "database-refused", /does not let the user bot into the database jobs.*password/u],
		["28000", "database-refused", /does not let the user bot into.*pg_hba\.conf/u],
		["3D000", "database-refused", /has no database jobs.*createdb/u],
		["42501", "database-refused", /the user bot connect to the database jobs.*Grant it CONNECT/u],
		["57P03", "database-unreachable", /is starting or stopping.*Wait until it takes connections/u],
		["53300", "database-unreachable", /has no connection left.*max_connections/u],
		["XX000", "database-unreachable", /cannot be used \(said no\)\. Check the server, the network/u],
	])("for the reason %s is told as %s", async (sqlState, code, message) => {
		expect(await problem([refusal(sqlState, "said no")])).toEqual({
			code,
			message: expect.stringMatching(message),
		});
	});

	it("because it asks for a password that the URL does not have is told", async () => {
		const scram = [message("R", "\0\0\0\u000aSCRAM-SHA-256\0\0"), message("R", "\0\0\0\u000br=x,s=eA==,i=1")];
		expect(await problem(scram, "bot")).toEqual({
			code: "database-refused",
			message: expect.stringMatching(/asks the user bot for a password\. Put one into DATABASE_URL/u),
		});
	});

	it("because the URL names a file that is missing is told", async () => {
		await expect(
			reachPostgres("postgres://bot:hush@127.0.0.1/jobs?sslrootcert=/no/such"),
		).rejects.toMatchObject({
			code: "database-unreachable",
			message: expect.stringMatching(/DATABASE_URL cannot be used \(.*ENOENT.*\/no\/such/u),
		});
	});

	it("because it does not answer is told after a while", async () => {
		expect(await problem([], "bot:hush", 50)).toMatchObject({ code: "database-unreachable" });
	});

	it("because it is no PostgreSQL is told", async () => {
		expect(await problem([Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")], "bot:hush", 500)).toMatchObject({
			code: "database-unreachable",
		});
	});

	it("because nothing listens there is told", async () => {
		const { server: closed, port } = await serve();
		closed.close();
		await once(closed, "close");
		await expect(reachPostgres(`postgres://bot:hush@127.0.0.1:${port}/jobs`)).rejects.toMatchObject({
			code: "database-unreachable",
			message: expect.stringMatching(/takes no connections\. Start it, or correct host and port/u),
		});
	});

	it.each(["ENOTFOUND", "EAI_AGAIN"])("because its name is unknown is told (%s)", async (code) => {
		jest
			.spyOn(dns, "lookup")
			.mockImplementation(((_host: string, _options: object, done: Lookup) =>
				done(Object.assign(new Error("no such name"), { code }))) as typeof dns.lookup);
		await expect(reachPostgres("postgres://bot:hush@db.example/jobs")).rejects.toMatchObject({
			code: "database-unreachable",
			message: expect.stringMatching(/db\.example:5432 of DATABASE_URL was not found\. Check the host name/u),
		});
	});

	it.each([
		["42501", /may not create tables.*alter database/u],
		["25006", /takes no writes.*standby.*name the primary/u],
	])("since it refuses what every start needs is told from the first statement's error %s", (code, words) => {
		const error = Object.assign(new Error("denied"), { code });
		expect(deniedByPostgres(error)).toMatchObject({
			code: "database-refused",
			settings: ["DATABASE_URL"],
			message: expect.stringMatching(words),
			cause: error,
		});
	});

	it.each([Object.assign(new Error("denied"), { code: "23505" }), "no error", null, undefined])(
		"is not what other errors tell: %s",
		(error) => {
			expect(deniedByPostgres(error)).toBeUndefined();
		},
	);
});

describe("a PostgreSQL server that lets the bot in", () => {
	it("is left again at once", async () => {
		const welcome = Buffer.concat([message("R", "\0\0\0\0"), message("Z", "I")]);
		const { server, port } = await serve(welcome, Buffer.alloc(0));
		const left = once(server, "connection").then(([socket]) => once(socket, "end"));
		await reachPostgres(`postgres://bot@127.0.0.1:${port}/jobs`);
		await left;
		server.close();
	});
});

type Lookup = (error: Error) => void;
