"""The least a typer program can do: what every command line of ours is measured against."""

import typer

app = typer.Typer(add_completion=False)


@app.command()
def main(name: str = "") -> None:
    print(name)


if __name__ == "__main__":
    app()
