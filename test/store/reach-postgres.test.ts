import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { deniedByPostgres, reachPostgres } from "../../src/store/reach-postgres.js";

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
		expect(error?.message).toContain(`127.0.0.1:${served.port}`);
		expect(error?.message).not.toContain("hush");
		return { code: error?.code, message: error?.message };
	}

	it.each([
		["28P01", "database-refused", /does not let the user bot into the database jobs.*password/u],
		["28000", "database-refused", /does not let the user bot into.*pg_hba\.conf/u],
		["3D000", "database-refused", /has no database jobs.*createdb/u],
		["42501", "database-refused", /Grant it CONNECT/u],
		["57P03", "database-unreachable", /is starting or stopping/u],
		["53300", "database-unreachable", /max_connections/u],
		["XX000", "database-unreachable", /cannot be used \(said no\)/u],
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
			message: expect.stringContaining("asks the user bot for a password"),
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
			message: expect.stringContaining("takes no connections"),
		});
	});

	it("because its name is unknown is told", async () => {
		await expect(reachPostgres("postgres://bot:hush@no-such-host.invalid/jobs")).rejects.toMatchObject({
			code: "database-unreachable",
			message: expect.stringContaining("no-such-host.invalid:5432 of DATABASE_URL was not found"),
		});
	});

	it("because the user lacks rights, or the server is a standby, is told from the error of the first statement", () => {
		const error = (code: string) => Object.assign(new Error("denied"), { code });
		expect(deniedByPostgres(error("42501"))?.message).toContain("may not create tables");
		expect(deniedByPostgres(error("25006"))?.message).toContain("standby");
		expect(deniedByPostgres(error("23505"))).toBeUndefined();
		expect(deniedByPostgres("no error")).toBeUndefined();
	});
});
