/**
 * Stands for a package that somebody's code loads for the bot, but never runs for it. It can be loaded, its
 * parts can be named and its classes extended; whoever goes on to use one gets an error with the package's name.
 * docs/dependencies.md says why each of them is left out, and how to take it back in.
 */
module.exports = function leftOut(packageName) {
	function fail(part) {
		throw Object.assign(
			new Error(
				`${part} of ${packageName} is wanted, but ${packageName} is left out of Recovery Control. docs/dependencies.md says how to take it back in.`,
			),
			{ code: "package-left-out" },
		);
	}
	const part = (name) =>
		new Proxy(class {}, {
			get: (target, key) => (key === "prototype" ? target.prototype : fail(`${name}.${String(key)}`)),
			apply: () => fail(name),
			construct: () => fail(name),
		});
	return new Proxy({}, { get: (_, name) => (name === "__esModule" ? true : part(String(name))) });
};
