from denggao.cli import main

main()
