using System.Text.Json.Serialization;
using Elbo.Reports.Explain;
using Elbo.Reports.Selection;
using Elbo.Reports.Tables;
using Elbo.Reports.Topics;

namespace Elbo.Reports.Pages;

/// <summary>How the data of pages are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TablePage))]
[JsonSerializable(typeof(TopicPage))]
[JsonSerializable(typeof(ExplainPage))]
[JsonSerializable(typeof(SelectionPage))]
sealed partial class PageJson : JsonSerializerContext;
