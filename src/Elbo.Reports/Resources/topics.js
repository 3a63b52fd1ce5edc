(() => {
  const { data, fill } = Elbo;
  fill('title', data.title);
})();
