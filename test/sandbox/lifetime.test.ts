import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { openControl, sendControl } from "../../sandbox/control.js";
import { mustBeFree, readPort } from "../../sandbox/sandbox-port.js";
import { Teardown } from "../../sandbox/teardown.js";
import { useProcesses } from "../processes.js";
import { within } from "../within.js";

jest.setTimeout(20_000);

describe("the sandbox's life", () => {
	const processes = useProcesses();
	let directory: string;
	beforeEach(async () => {
		directory = await mkdtemp(join(tmpdir(), "sandbox-life-"));
	});
	afterEach(() => rm(directory, { recursive: true, force: true }));

	async function script(name: string, text: string): Promise<string> {
		const path = join(directory, name);
		await writeFile(path, text);
		return path;
	}

	it("ends a child whose parent was killed, whether or not the child had come up", async () => {
		const child = await script("child.mjs", "console.log(process.pid); setInterval(() => {}, 1_000);");
		const leash = new URL("../../build/sandbox/leash.js", import.meta.url).href;
		const options = 'stdio: ["ignore", "inherit", "inherit", "ipc"]';
		const parent = await script(
			"parent.mjs",
			`import { spawn } from "node:child_process";
			spawn(process.execPath, ["--import", ${JSON.stringify(leash)}, ${JSON.stringify(child)}], { ${options} });
			if (process.argv[2] === "at-once") process.kill(process.pid, "SIGKILL");
			setInterval(() => {}, 1_000);`,
		);
		for (const when of ["at-once", "later"]) {
			const started = processes.start(parent, { args: [when] });
			// The pipe closes when the last process that writes to it has ended, hence the child too.
			const closed = once(started.process, "close");
			started.process.stdout?.once("data", (pid) => {
				processes.adopt(Number(pid));
				started.process.kill("SIGKILL");
			});
			await within(10_000, `the end of the child whose parent was killed ${when}`, closed);
			expect(started.process.signalCode).toBe("SIGKILL");
		}
	});

	it("keeps a child that knows only a port on the loopback interface", async () => {
		const server = await script(
			"server.mjs",
			'import { createServer } from "node:http"; const s = createServer(); s.listen(0, () => console.log(s.address().address));',
		);
		const child = processes.start(server, { env: {}, preloads: ["stay-on-loopback.js"] });
		expect(await processes.firstLine(child)).toBe("127.0.0.1");
		await child.stop();
		await child.stop();
		expect(await child.exited).toBeNull();
	});

	it("ends everything once, the newest first, though something fails and something comes late", async () => {
		const ended: string[] = [];
		const failures: unknown[] = [];
		const teardown = new Teardown();
		await teardown.add(() => ended.push("cloud"));
		await teardown.add(() => Promise.reject(new Error("stuck")));
		await teardown.add(() => ended.push("bot"));
		const note = (error: unknown) => void failures.push(error);
		await Promise.all([teardown.run(note), teardown.run(note)]);
		await teardown.add(() => ended.push("latecomer"));
		expect(ended).toEqual(["bot", "cloud", "latecomer"]);
		expect(failures).toEqual([new Error("stuck")]);
	});

	it("takes commands from a shell while it runs, and is known not to run afterwards", async () => {
		expect(await sendControl(directory, ["help"])).toBeUndefined();
		const close = await openControl(directory, (text) => `heard ${text}`);
		expect(await sendControl(directory, ["be", "reader"])).toBe("heard sandbox be reader");
		await close();
		expect(await sendControl(directory, ["be", "reader"])).toBeUndefined();
		expect(await readdir(directory)).toEqual([]);
	});

	it("is known not to run after it was killed", async () => {
		await writeFile(join(directory, "control-address"), "http://127.0.0.1:9");
		expect(await sendControl(directory, ["help"])).toBeUndefined();
	});

	it("takes no command from a page in a browser", async () => {
		const heard: string[] = [];
		const close = await openControl(directory, (text) => void heard.push(text));
		const address = await readFile(join(directory, "control-address"), "utf8");
		expect((await fetch(address, { method: "POST", body: "be admin" })).status).toBe(403);
		expect(heard).toEqual([]);
		await close();
	});

	it.each(["abc", "0", "65536", "-1", "1e3", "80.5"])(
		"says what SANDBOX_PORT must be instead of %s",
		(value) => {
			expect(() => readPort(value)).toThrow(/must be a port number from 1 to 65535/u);
		},
	);

	it("uses the Playground's own port by default", () => {
		expect([readPort(undefined), readPort(""), readPort(" 56160 ")]).toEqual([56_150, 56_150, 56_160]);
	});

	it("says that its port is taken and what to type then", async () => {
		const other = createServer().listen(0, "127.0.0.1");
		await once(other, "listening");
		const address = other.address();
		const port = typeof address === "object" && address ? address.port : 0;
		await expect(mustBeFree(port)).rejects.toThrow(
			`Port ${port} is taken. Choose another one: SANDBOX_PORT=`,
		);
		await new Promise((resolve) => other.close(resolve));
		await expect(mustBeFree(port)).resolves.toBeUndefined();
	});
});
