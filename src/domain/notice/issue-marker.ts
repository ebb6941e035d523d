/** Names the issue of a team in its repository: a word that ends no comment of HTML. */
export function issueMarker(team: string): string {
  return `notices-${encodeURIComponent(team.toWellFormed()).replaceAll('-', '%2D')}`;
}
