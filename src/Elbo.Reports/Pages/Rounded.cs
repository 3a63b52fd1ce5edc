using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Elbo.Reports.Pages;

/// <summary>Writes finite numbers with five significant digits: enough for any picture, and most of a page is numbers.</summary>
sealed class Rounded : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => Write(writer, value);

    internal static void Write(Utf8JsonWriter writer, double value)
    {
        Span<char> text = stackalloc char[32];
        value.TryFormat(text, out int length, "G5", CultureInfo.InvariantCulture);
        writer.WriteRawValue(text[..length]);
    }
}

/// <summary>The same for a row of numbers.</summary>
sealed class RoundedRow : JsonConverter<double[]>
{
    public override double[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, double[] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (double number in value) Rounded.Write(writer, number);
        writer.WriteEndArray();
    }
}

/// <summary>The same for rows of numbers.</summary>
sealed class RoundedRows : JsonConverter<double[][]>
{
    static readonly RoundedRow Row = new();

    public override double[][] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, double[][] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (double[] row in value) Row.Write(writer, row, options);
        writer.WriteEndArray();
    }
}
