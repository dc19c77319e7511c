// The version of Mortar, as package.json has it: written here as well, because a bundle has no package.json beside it.
export const version = '0.1.0';
