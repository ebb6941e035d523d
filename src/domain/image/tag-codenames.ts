/** Code names of Debian releases as they stand in tags, `sid` and `experimental` among them. */
export const debianCodenames: ReadonlySet<string> = new Set(
  (
    'buzz rex bo hamm slink potato woody sarge etch lenny squeeze wheezy jessie stretch buster bullseye bookworm ' +
    'trixie forky duke sid experimental'
  ).split(' '),
);

/** Code names of Ubuntu releases as they stand in tags: the first word, lower case. */
export const ubuntuCodenames: ReadonlySet<string> = new Set(
  (
    'warty hoary breezy dapper edgy feisty gutsy hardy intrepid jaunty karmic lucid maverick natty oneiric precise ' +
    'quantal raring saucy trusty utopic vivid wily xenial yakkety zesty artful bionic cosmic disco eoan focal ' +
    'groovy hirsute impish jammy kinetic lunar mantic noble oracular plucky questing resolute stonking'
  ).split(' '),
);
