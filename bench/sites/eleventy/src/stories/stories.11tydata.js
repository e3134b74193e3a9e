module.exports = { layout: "article.njk", permalink: data => `/stories/${data.slug}.html` };
