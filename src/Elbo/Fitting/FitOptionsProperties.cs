using Elbo.Engine;
using Elbo.Families;
using Elbo.Files;

namespace Elbo.Fitting;

/// <summary>The options of a fit as strings, for model files. Threads are left out: they do not enter the result.</summary>
static class FitOptionsProperties
{
    const string None = "none";

    public static void Write(FitOptions options, Dictionary<string, string> into)
    {
        into["components"] = Properties.Write(options.Components);
        into["seed"] = Properties.Write(options.Seed);
        into["start"] = options.Start.ToString();
        into["restarts"] = Properties.Write(options.Restarts);
        into["short_iterations"] = options.ShortIterations is { } iterations ? Properties.Write(iterations) : None;
        into["online_passes"] = options.Online is null ? None : Properties.Write(options.Online.Passes);
        if (options.Online is not null)
        {
            into["online_batch_size"] = Properties.Write(options.Online.BatchSize);
            into["online_forgetting"] = Properties.Write(options.Online.Forgetting);
            into["online_delay"] = Properties.Write(options.Online.Delay);
        }
        into["stop"] = options.Stop.ToNotation();
        into["maximum_iterations"] = Properties.Write(options.MaximumIterations);
        into["time_limit_seconds"] = options.TimeLimit is { } limit ? Properties.Write(limit.TotalSeconds) : None;
        into["acceleration"] = options.Acceleration.ToString();
        into["allow_temporary_decrease"] = options.AllowTemporaryDecrease.ToString();
        into["hard"] = options.Hard.ToString();
        into["degeneracy"] = options.Degeneracy.ToString();
        into["weight_concentration"] = Optional(options.WeightConcentration);
        into["left_to_right"] = options.LeftToRight.ToString();
        into["family_options.name"] = options.Family.Name;
        into["family_options.covariance"] = options.Family.Covariance;
        into["family_options.prior"] = options.Family.Prior.ToString();
        into["family_options.floor"] = Optional(options.Family.Floor);
        into["family_options.degrees_of_freedom"] = Optional(options.Family.DegreesOfFreedom);
        into["family_options.noise"] = options.Family.Noise.ToString();
        into["family_options.emission_components"] = Properties.Write(options.Family.EmissionComponents);
    }

    public static FitOptions Read(IReadOnlyDictionary<string, string> properties, LatentStructure structure)
    {
        var options = new FitOptions
        {
            Structure = structure,
            Components = Properties.ReadInt32(properties, "components"),
            Seed = Properties.ReadUInt64(properties, "seed"),
            Start = Properties.ReadEnum<StartMethod>(properties, "start"),
            Restarts = Properties.ReadInt32(properties, "restarts"),
            ShortIterations = Properties.Read(properties, "short_iterations") == None ? null : Properties.ReadInt32(properties, "short_iterations"),
            Online = Properties.Read(properties, "online_passes") == None ? null : new OnlineOptions
            {
                Passes = Properties.ReadInt32(properties, "online_passes"),
                BatchSize = Properties.ReadInt32(properties, "online_batch_size"),
                Forgetting = Properties.ReadDouble(properties, "online_forgetting"),
                Delay = Properties.ReadDouble(properties, "online_delay"),
            },
            MaximumIterations = Properties.ReadInt32(properties, "maximum_iterations"),
            TimeLimit = Optional(properties, "time_limit_seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Acceleration = Properties.ReadEnum<Acceleration>(properties, "acceleration"),
            AllowTemporaryDecrease = Properties.ReadBoolean(properties, "allow_temporary_decrease"),
            Hard = Properties.ReadBoolean(properties, "hard"),
            Degeneracy = Properties.ReadEnum<DegeneracyPolicy>(properties, "degeneracy"),
            WeightConcentration = Optional(properties, "weight_concentration"),
            LeftToRight = Properties.ReadBoolean(properties, "left_to_right"),
            Family = new FamilyOptions
            {
                Name = Properties.Read(properties, "family_options.name"),
                Covariance = Properties.Read(properties, "family_options.covariance"),
                Prior = Properties.ReadBoolean(properties, "family_options.prior"),
                Floor = Optional(properties, "family_options.floor"),
                DegreesOfFreedom = Optional(properties, "family_options.degrees_of_freedom"),
                Noise = Properties.ReadBoolean(properties, "family_options.noise"),
                EmissionComponents = Properties.ReadInt32(properties, "family_options.emission_components"),
            },
        };
        try
        {
            options = options with { Stop = StoppingRule.Parse(Properties.Read(properties, "stop")) };
            options.Validate();
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new InvalidDataException($"The options in the metadata are not sound: {error.Message}");
        }
        return options;
    }

    static string Optional(double? value) => value is { } number ? Properties.Write(number) : None;

    static double? Optional(IReadOnlyDictionary<string, string> properties, string name) => Properties.Read(properties, name) == None ? null : Properties.ReadDouble(properties, name);
}
