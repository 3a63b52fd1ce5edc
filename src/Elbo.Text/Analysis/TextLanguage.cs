namespace Elbo.Text;

/// <summary>The languages whose stop words, apostrophes and stems are known. Words are found in the same way (Unicode's rules) in every language.</summary>
public enum TextLanguage
{
    /// <summary>No language: no stop words but one's own, no stemming, apostrophes left as they are.</summary>
    None,

    /// <summary>English.</summary>
    English,

    /// <summary>Danish.</summary>
    Danish,

    /// <summary>Dutch.</summary>
    Dutch,

    /// <summary>Finnish.</summary>
    Finnish,

    /// <summary>French.</summary>
    French,

    /// <summary>German.</summary>
    German,

    /// <summary>Hungarian.</summary>
    Hungarian,

    /// <summary>Italian.</summary>
    Italian,

    /// <summary>Norwegian.</summary>
    Norwegian,

    /// <summary>Portuguese.</summary>
    Portuguese,

    /// <summary>Russian.</summary>
    Russian,

    /// <summary>Spanish.</summary>
    Spanish,

    /// <summary>Swedish.</summary>
    Swedish,
}
