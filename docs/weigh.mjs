/**
 * Prints what each direct dependency weighs on the disk, in MB: by itself, with all that it needs, and what would
 * be gone without it, since nothing else needs it. Reads package-lock.json and node_modules:
 *
 *     npm ci && node docs/weigh.mjs
 */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const { dependencies } = packages[""];

/** Where `name` is found from `place`, as Node looks for it. */
function find(name, place) {
	for (let folder = place; ; folder = folder.slice(0, folder.lastIndexOf("/node_modules/"))) {
		const found = `${folder}${folder && "/"}node_modules/${name}`;
		if (packages[found]) return found;
		if (!folder.includes("/node_modules/")) break;
	}
	return packages[`node_modules/${name}`] && `node_modules/${name}`;
}

/** Every place that is reached from these direct dependencies. */
function reach(names) {
	const reached = new Set();
	const visit = (place) => {
		if (!place || reached.has(place)) return;
		reached.add(place);
		const { dependencies, optionalDependencies, peerDependencies } = packages[place];
		for (const name in { ...dependencies, ...optionalDependencies, ...peerDependencies })
			visit(find(name, place));
	};
	for (const name of names) visit(find(name, ""));
	return reached;
}

/** Bytes of a folder on the disk, without the packages inside of it. */
function weigh(folder) {
	let bytes = 0;
	for (const entry of readdirSync(folder, { withFileTypes: true })) {
		const path = join(folder, entry.name);
		bytes += lstatSync(path).blocks * 512;
		if (entry.isDirectory() && entry.name !== "node_modules") bytes += weigh(path);
	}
	return bytes;
}

const weights = new Map();
const total = (places) => {
	let bytes = 0;
	for (const place of places) {
		if (!weights.has(place)) weights.set(place, packages[place].link ? 0 : weigh(join(root, place)));
		bytes += weights.get(place);
	}
	return bytes;
};
const row = (...cells) =>
	process.stdout.write(
		`${cells[0].padEnd(34)}${cells
			.slice(1)
			.map((cell) => String(cell).padStart(15))
			.join("")}\n`,
	);
const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1);

const names = Object.keys(dependencies);
const all = reach(names);
row("MB", "itself", "with needs", "gone", "packages gone");
for (const name of names.filter((name) => !packages[`node_modules/${name}`].link)) {
	const others = reach(names.filter((other) => other !== name));
	const gone = [...all].filter((place) => !others.has(place));
	row(
		name,
		megabytes(total([`node_modules/${name}`])),
		megabytes(total(reach([name]))),
		megabytes(total(gone)),
		gone.length,
	);
}
row("all together", "", megabytes(total(all)), "", [...all].filter((place) => !packages[place].link).length);
