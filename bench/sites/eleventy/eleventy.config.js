// The digest for Eleventy: lists, feeds and related stories, which it leaves to the site, are made here.
const SIZE = 20, RELATED = 5, SITENAME = "The made-up digest", SITEURL = "https://digest.example";

let digest = null;

// the stories from the newest, the numbers of those of each topic, and the related stories by input path
function made(api) {
  if (digest) return digest;
  const stories = api.getAll().filter(each => each.inputPath.includes("/stories/")).sort((a, b) => b.date - a.date);
  const topics = new Map(), related = new Map();
  stories.forEach((story, at) => {
    for (const name of story.data.tags) {
      if (!topics.has(name)) topics.set(name, []);
      topics.get(name).push(at);
    }
  });
  const shared = new Uint8Array(stories.length);
  stories.forEach((story, at) => {
    const seen = [];
    for (const name of story.data.tags) for (const other of topics.get(name)) if (shared[other]++ === 0) seen.push(other);
    const best = [];
    for (const other of seen) {
      if (other === at || (best.length === RELATED && shared[other] <= shared[best[RELATED - 1]])) continue;
      let place = best.length;
      while (place && shared[best[place - 1]] < shared[other]) place--;
      best.splice(place, 0, other);
      best.length = Math.min(best.length, RELATED);
    }
    for (const other of seen) shared[other] = 0;
    related.set(story.inputPath, best.map(other => stories[other]));
  });
  digest = { stories, related, topics: [...topics].sort((a, b) => (a[0] < b[0] ? -1 : 1)) };
  return digest;
}

function lists(name, base, stories) {
  const count = Math.ceil(stories.length / SIZE), address = at => (at ? `${base}/page/${at + 1}.html` : `${base}.html`);
  return Array.from({ length: count }, (_, at) => ({
    name, url: address(at), stories: stories.slice(at * SIZE, (at + 1) * SIZE),
    newer: at ? address(at - 1) : null, older: at + 1 < count ? address(at + 1) : null,
  }));
}

module.exports = function (site) {
  site.on("eleventy.before", () => { digest = null; });
  site.addGlobalData("sitename", SITENAME);
  site.addGlobalData("siteurl", SITEURL);
  site.addPassthroughCopy({ theme: "theme" });
  site.addCollection("digest", api => made(api).stories);
  site.addCollection("topics", api => made(api).topics.map(([name, at]) => ({ name, slug: name.toLowerCase(), count: at.length })));
  site.addCollection("lists", api => {
    const { stories, topics } = made(api);
    const below = topics.flatMap(([name, at]) => lists(name, `/topics/${name.toLowerCase()}`, at.map(each => stories[each])));
    return [...lists(SITENAME, "/index", stories), ...below];
  });
  site.addCollection("feeds", api => {
    const { stories, topics } = made(api);
    const below = topics.map(([name, at]) => ({
      name, url: `/feeds/topics/${name.toLowerCase()}.atom.xml`, stories: at.slice(0, SIZE).map(each => stories[each]),
    }));
    return [{ name: SITENAME, url: "/feeds/all.atom.xml", stories: stories.slice(0, SIZE) }, ...below];
  });
  site.addFilter("day", date => date.toISOString().slice(0, 10));
  site.addFilter("instant", date => date.toISOString());
  site.addFilter("related", path => digest.related.get(path));
  return { dir: { input: "src", output: "output" }, markdownTemplateEngine: false, htmlTemplateEngine: "njk" };
};
